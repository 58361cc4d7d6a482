package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.Lora;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model and what decides its weights: two equal ones are the same open pipeline.
 *
 * @param name as jobs call it
 * @param folder of the snapshot
 * @param vae instead of the snapshot's
 * @param loras merged into it, in the job's order
 */
record ModelChoice(String name, Path folder, Optional<OwnVae> vae, List<OwnLora> loras) {
  ModelChoice {
    requireNonNull(name, "name");
    requireNonNull(folder, "folder");
    loras = List.copyOf(loras);
  }

  /** Whether it is that snapshot with those networks, as far as their names say. */
  boolean is(Path snapshot, List<Lora> networks) {
    return folder.equals(snapshot)
        && loras.stream()
            .map(own -> new Lora(new FileReference(own.file().name()), own.weight()))
            .toList()
            .equals(networks);
  }
}
