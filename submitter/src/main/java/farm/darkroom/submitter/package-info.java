/**
 * The submitter: the CLI of the farm, and here what reads many objects of a store at once. It never
 * loads libtorch, and knows workers only by what they say on the farm's logs.
 */
package farm.darkroom.submitter;
