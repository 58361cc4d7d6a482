/**
 * What an operator does to jobs that are under way: cancel, resume, redrive, purge. It speaks to
 * the queue and its logs by their ports, and to nobody at a terminal.
 */
package farm.darkroom.submitter.control;
