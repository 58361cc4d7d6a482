/**
 * What an operator does to jobs that are under way: cancel, resume, redrive, purge. It speaks to
 * the queue and its logs by their ports, of Kafka knows the names of topics alone, and speaks to
 * nobody at a terminal.
 */
package farm.darkroom.submitter.control;
