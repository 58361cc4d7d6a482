/**
 * Pictures as files: PNG with text chunks out, init images and masks in. It knows neither engine,
 * queue nor store.
 */
package farm.darkroom.worker.picture;
