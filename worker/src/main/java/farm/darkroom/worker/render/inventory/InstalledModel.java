package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.snapshot.Component;
import java.nio.file.Path;

/**
 * A model of this machine, or a file that jobs add to one.
 *
 * @param name as jobs call it
 * @param kind what it is for
 * @param singleFile whether it is one file in LDM's names
 * @param bytes of all its files
 * @param path its folder or file
 */
public record InstalledModel(String name, Kind kind, boolean singleFile, long bytes, Path path) {

  public InstalledModel {
    requireNonNull(name, "name");
    requireNonNull(kind, "kind");
    requireNonNull(path, "path");
  }

  /** What a model is for. */
  public enum Kind {
    BASE("base"),
    REFINER("refiner"),
    INPAINTING("inpainting"),
    EDITING("editing"),
    VAE(Component.VAE),
    CONTROLNET(Component.CONTROLNET),
    T2I_ADAPTER(Component.T2I_ADAPTER),
    IP_ADAPTER(Component.IP_ADAPTER),
    LORA("lora"),
    EMBEDDING("embedding"),
    /** Not of SDXL's family, or not readable. */
    OTHER("other");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
