/**
 * The commands that people type; each is a thin reader of flags over the other packages, of which
 * none knows it.
 */
package farm.darkroom.submitter.command;
