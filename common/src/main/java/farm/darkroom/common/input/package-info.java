/**
 * What submitter and worker both ask of files from outside, by their first bytes and their size.
 * Decodes nothing, and knows no job.
 */
package farm.darkroom.common.input;
