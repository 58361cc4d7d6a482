/** How full the queues are, for Prometheus and what scales workers by it. It steers nothing. */
package farm.darkroom.infra.exporter;
