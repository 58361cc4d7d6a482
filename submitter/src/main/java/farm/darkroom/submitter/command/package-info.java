/** The commands that people type; each is a thin reader of flags over the other packages. */
package farm.darkroom.submitter.command;
