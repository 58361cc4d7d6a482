/**
 * A broker and a store in this JVM, each with its data in a folder, for a farm in a box and for
 * tests. They know no farm and no queue.
 */
package farm.darkroom.infra.embedded;
