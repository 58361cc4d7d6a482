/** The submitter: the CLI of the farm. It never loads libtorch. */
package farm.darkroom.submitter;
