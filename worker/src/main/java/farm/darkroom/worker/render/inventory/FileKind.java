package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

/** The kinds of files that jobs can add to a model. */
public enum FileKind {
  LORA("lora", "loras", "pytorch_lora_weights.safetensors"),
  EMBEDDING("embedding", "embeddings", "learned_embeds.safetensors");

  private final String label;
  private final String folder;
  private final String defaultFileName;

  FileKind(String label, String folder, String defaultFileName) {
    this.label = requireNonNull(label, "label");
    this.folder = requireNonNull(folder, "folder");
    this.defaultFileName = requireNonNull(defaultFileName, "defaultFileName");
  }

  /** As messages call one. */
  public String label() {
    return label;
  }

  /** Where under {@code --models} they are looked for too. */
  public String folder() {
    return folder;
  }

  /** The file's name in a folder or repository of its own, as diffusers saves it. */
  String defaultFileName() {
    return defaultFileName;
  }
}
