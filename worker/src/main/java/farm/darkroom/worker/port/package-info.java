/**
 * The Renderer that a worker needs: what it is asked, how it may go about it, what it gives. It
 * knows neither engine, queue nor store, and of the worker only {@code picture}.
 */
package farm.darkroom.worker.port;
