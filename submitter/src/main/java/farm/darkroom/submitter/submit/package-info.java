/**
 * From jobs to a queue: pictures uploaded, seeds given, what is stored left out, the rest
 * published. It does not know what becomes of them.
 */
package farm.darkroom.submitter.submit;
