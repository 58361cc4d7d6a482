/**
 * From jobs to a queue: pictures uploaded, seeds given, what is stored left out, the rest
 * published.
 */
package farm.darkroom.submitter.submit;
