/**
 * Where jobs stand, as the farm's logs and its store say it, and a line that shows it. It changes
 * nothing.
 */
package farm.darkroom.submitter.watch;
