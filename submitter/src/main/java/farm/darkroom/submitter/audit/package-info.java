/**
 * Whether a farm kept its word: every job ended once, and the store holds what the records say. It
 * reads logs and store, and changes nothing.
 */
package farm.darkroom.submitter.audit;
