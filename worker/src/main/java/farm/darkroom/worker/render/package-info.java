/**
 * The engine as a Renderer: finds the models that jobs name, keeps their pipelines, and turns jobs
 * into requests. It knows neither queue nor event log.
 */
package farm.darkroom.worker.render;
