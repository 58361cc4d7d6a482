package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model in diffusers' layout: a folder with {@code model_index.json}, or a single file shown as
 * one. Thread-safe.
 */
public interface Snapshot {

  /** Opens the folder of one of SDXL's pipelines. */
  static Snapshot open(Path folder) {
    return SnapshotFolder.open(folder);
  }

  /** The folder that its files are in. */
  Path folder();

  /** Where {@link #index} is from, for messages. */
  Path indexFile();

  /** The content of model_index.json. */
  JsonNode index();

  /** The component, if the snapshot has it. */
  Optional<Component> find(String name);

  /**
   * {@code scheduler/scheduler_config.json}. Where model_index.json names another class than the
   * file's {@code _class_name}, the index decides, as in diffusers.
   */
  JsonNode schedulerConfig();

  /** The fields of {@link #schedulerConfig} as plain values, as schedulers take them. */
  default Map<String, Object> schedulerFields() {
    return JsonFile.values(schedulerConfig());
  }

  /**
   * The folder of a tokenizer, {@code tokenizer} or {@code tokenizer_2}.
   *
   * @throws SdxlException when there is none, with how to get one
   */
  Path tokenizer(String name);

  /** Whether the index names the component; null entries (a refiner's first encoder) do not. */
  default boolean has(String component) {
    return index().path(component).path(1).isTextual();
  }

  /**
   * The component.
   *
   * @throws SdxlException when the snapshot has none of that name
   */
  default Component component(String name) {
    return find(name).orElseThrow(() -> new SdxlException(indexFile() + ": no component " + name));
  }

  /** The names of its text encoders, in the order of their features. */
  default List<String> textEncoders() {
    return Component.TEXT_ENCODERS.stream().filter(this::has).toList();
  }

  /** A flag of model_index.json, such as {@code force_zeros_for_empty_prompt}. */
  default boolean flag(String key, boolean absent) {
    return new ConfigReader(indexFile(), index()).flag(key, absent);
  }
}
