/**
 * The engine as a Renderer: turns jobs into requests, and requests into pictures. Its packages
 * bring what jobs name ({@code input}, {@code inventory}), choose how ({@code plan}) and keep
 * models open ({@code model}) on the {@code engine}; none of them knows it, and it knows neither
 * queue nor event log.
 */
package farm.darkroom.worker.render;
