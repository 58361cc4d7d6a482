package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

/**
 * A LoRA network that a job wants merged into its model.
 *
 * @param weight of the network
 */
record OwnLora(OwnFile file, double weight) {
  OwnLora {
    requireNonNull(file, "file");
  }
}
