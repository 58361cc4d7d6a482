/**
 * What jobs bring along from elsewhere: pictures, and weights that lie in a store. It knows no
 * model but the sizes of its pictures, and of the engine only the form in which it takes them.
 */
package farm.darkroom.worker.render.input;
