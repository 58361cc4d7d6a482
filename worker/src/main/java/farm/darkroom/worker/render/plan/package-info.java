/**
 * How a job is rendered in the memory that there is: what each way takes, what the machine has, and
 * which is chosen. It reads the configs of models, and knows none that is open.
 */
package farm.darkroom.worker.render.plan;
