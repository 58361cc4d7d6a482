/** Results from the store onto this disk. */
package farm.darkroom.submitter.fetch;
