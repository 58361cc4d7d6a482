/** What an operator does to jobs that are under way: cancel, resume, redrive. */
package farm.darkroom.submitter.steer;
