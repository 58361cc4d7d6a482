package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.NearMiss;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Explains why models and files that jobs name cannot be used here. Thread-safe. */
public final class Availability {
  static final String MODEL = "model";
  private static final int NAMED = 20;
  private static final Pattern PATH = Pattern.compile("\\.{0,2}/.*");
  private static final Pattern HUB_ID = Pattern.compile("[\\w.-]+/[\\w.-]+(@[\\w./-]+)?");

  private final ModelFolders folders;
  private final AddedFiles files;
  private final Quarantine quarantine;

  Availability(ModelFolders folders, AddedFiles files, Quarantine quarantine) {
    this.folders = requireNonNull(folders, "folders");
    this.files = requireNonNull(files, "files");
    this.quarantine = requireNonNull(quarantine, "quarantine");
  }

  /** The availability of models and files of which none is in quarantine. */
  public static Availability of(ModelFolders folders, Inputs inputs) {
    Quarantine none = new Quarantine(System::nanoTime);
    return new Availability(folders, new AddedFiles(folders, inputs, none), none);
  }

  /** The names of the models that can be used, as far as is known. */
  List<String> names() {
    return folders.names().stream()
        .filter(name -> quarantine.complaint(MODEL, name).isEmpty())
        .toList();
  }

  /** Why the job cannot be rendered here, as far as is known; empty when it can. */
  public Optional<String> of(RenderJob job) {
    Stream<String> refiner = job.refiner().map(RefinerChoice::model).stream();
    return Stream.concat(Stream.of(job.model()), refiner)
        .map(this::ofModel)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> job.additions().vae().flatMap(name -> unmetRequirement(Component.VAE, name)))
        .or(() -> files.unmetRequirement(job.additions()))
        .or(
            () ->
                job.additions().controlnet().stream()
                    .map(choice -> unmetRequirement(Component.CONTROLNET, choice.model()))
                    .flatMap(Optional::stream)
                    .findFirst())
        .or(
            () ->
                job.additions().t2iAdapters().choices().stream()
                    .map(choice -> unmetRequirement(Component.T2I_ADAPTER, choice.model()))
                    .flatMap(Optional::stream)
                    .findFirst())
        .or(
            () ->
                job.additions().ipAdapter().stream()
                    .map(choice -> unmetRequirement(Component.IP_ADAPTER, choice.model()))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private Optional<String> unmetRequirement(String component, String name) {
    return folders.find(name, component).isEmpty()
        ? Optional.of(missing(component, name))
        : quarantine.complaint(component, name);
  }

  /** Why there is no such VAE, ControlNet or adapter here. */
  String missing(String component, String name) {
    return folders
        .mistaken(name)
        .map(place -> place.as(component))
        .map(why -> "%s %s: %s".formatted(component, name, why))
        .orElseGet(
            () ->
                "%s %s is not installed here; it is %s"
                    .formatted(component, name, expected(component)));
  }

  private static String expected(String component) {
    return switch (component) {
      case Component.VAE -> "a folder with config.json, a file, or a model";
      case Component.T2I_ADAPTER -> "a folder with config.json";
      case Component.IP_ADAPTER -> "a file with a folder image_encoder beside it";
      default -> "a folder with config.json, or a file";
    };
  }

  /** Why {@code model} cannot be used here; empty when it can. */
  Optional<String> ofModel(String model) {
    if (folders.find(model).isEmpty()) {
      return Optional.of(
          folders
              .mistaken(model)
              .map(place -> "model %s: %s".formatted(model, place.asModel()))
              .orElseGet(() -> absent(model)));
    }
    return quarantine.complaint(MODEL, model);
  }

  private String absent(String model) {
    if (PATH.matcher(model).matches()) {
      return "model %s: there is no such folder or file".formatted(model);
    }
    String pulled = HUB_ID.matcher(model).matches() ? model : "ORG/NAME";
    return ("model %s is not installed here; installed: %s; 'darkroom model pull %s' downloads"
            + " %s%s")
        .formatted(
            model,
            installed(),
            pulled,
            pulled.equals(model) ? "it" : "others",
            NearMiss.hint(model, names()));
  }

  private String installed() {
    List<String> names = names();
    String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    int more = names.size() - NAMED;
    if (names.isEmpty()) {
      return "none";
    }
    return more > 0 ? some + " and %d more".formatted(more) : some;
  }
}
