/**
 * What jobs bring along from elsewhere: pictures, and weights that lie in a store. It knows no
 * model, and of the engine only the form in which it takes pictures.
 */
package farm.darkroom.worker.render.input;
