package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.SchedulerException;
import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.singlefile.SingleFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.text.CLIPTextModel;
import farm.darkroom.sdxl.text.TextEncoder;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.ControlNetModel;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.T2iAdapterModel;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.Autoencoder;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reports everything that opening a model would refuse, without reading its weights. A problem in
 * one component does not hide those in the others. Not thread-safe.
 */
public final class SnapshotCheck {
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Integer> promptLengths = new LinkedHashMap<>();

  private SnapshotCheck() {}

  /**
   * What is wrong with a model; empty when it can be opened.
   *
   * @param opened gives the model, or refuses
   */
  public static List<String> problems(Supplier<? extends Snapshot> opened) {
    SnapshotCheck check = new SnapshotCheck();
    check.step(opened).ifPresent(check::snapshot);
    return List.copyOf(check.problems);
  }

  /**
   * What is wrong with a folder or a file that is one component: a VAE, a ControlNet, a T2I-Adapter
   * or an IP-Adapter.
   */
  public static List<String> componentProblems(Path place) {
    SnapshotCheck check = new SnapshotCheck();
    if (IpAdapterFile.isOne(place)) {
      check.step(() -> IpAdapterFile.sound(place));
      return List.copyOf(check.problems);
    }
    if (Files.isRegularFile(place)) {
      check.component(ControlNetFile.isOne(place), place);
      return List.copyOf(check.problems);
    }
    check
        .step(() -> JsonFile.object(place.resolve("config.json")).path("_class_name").asText())
        .ifPresent(
            name -> {
              if (name.equals(T2iAdapterConfig.CLASS)) {
                check.step(() -> T2iAdapter.component(place)).ifPresent(check::t2iAdapter);
              } else {
                check.component(ControlNetConfig.isOne(name), place);
              }
            });
    return List.copyOf(check.problems);
  }

  private void t2iAdapter(Component component) {
    weights(component, c -> T2iAdapterModel.groups(T2iAdapterConfig.of(c)));
  }

  private void component(boolean control, Path place) {
    step(() -> control ? ControlNet.component(place) : vae(place))
        .ifPresent(
            component ->
                weights(
                    component,
                    control
                        ? c -> ControlNetModel.groups(ControlNetConfig.of(c))
                        : Autoencoder::groups));
  }

  private static Component vae(Path place) {
    return Files.isRegularFile(place)
        ? SingleFile.vae(place)
        : Component.open(Component.VAE, place);
  }

  private void snapshot(Snapshot snapshot) {
    step(() -> scheduler(snapshot));
    Optional<Component> unet = step(() -> snapshot.component(Component.UNET));
    unet.ifPresent(c -> weights(c, part -> UNet2DConditionModel.groups(UNetConfig.of(part))));
    Optional<Component> vae = step(() -> snapshot.component(Component.VAE));
    vae.ifPresent(component -> weights(component, Autoencoder::groups));
    List<String> names = snapshot.textEncoders();
    List<CLIPTextModel> encoders =
        names.stream().flatMap(name -> encoder(snapshot, name).stream()).toList();
    TextEncoder.lengthProblem(snapshot.indexFile(), promptLengths).ifPresent(problems::add);
    if (encoders.stream().noneMatch(CLIPTextModel::projection)) {
      problems.add(
          snapshot.indexFile() + ": no text encoder with projection, such as text_encoder_2");
    } else if (encoders.size() == names.size() && unet.isPresent() && vae.isPresent()) {
      fit(snapshot, unet.get(), vae.get(), encoders);
    }
  }

  private void fit(Snapshot snapshot, Component unet, Component vae, List<CLIPTextModel> encoders) {
    Optional<UNetConfig> config = quietly(() -> UNetConfig.of(unet));
    Optional<AutoencoderConfig> vaeConfig = quietly(() -> AutoencoderConfig.of(vae));
    if (config.isPresent() && vaeConfig.isPresent()) {
      List<Integer> widths = encoders.stream().map(e -> e.config().hiddenSize()).toList();
      int pooled =
          encoders.stream()
              .filter(CLIPTextModel::projection)
              .findFirst()
              .map(encoder -> encoder.config().projectionDim())
              .orElseThrow();
      CompatibilityCheck fit =
          new CompatibilityCheck(snapshot, unet, config.get(), vaeConfig.get());
      problems.addAll(fit.problems(widths, pooled));
    }
  }

  private Optional<CLIPTextModel> encoder(Snapshot snapshot, String name) {
    Optional<Component> component = step(() -> snapshot.component(name));
    Optional<CLIPTextModel> model =
        component.flatMap(part -> step(() -> CLIPTextModel.of(snapshot, part)));
    model.ifPresent(
        found -> {
          problems.addAll(WeightCheck.faults(component.get().checkpoint(), found.groups()));
          step(() -> TextEncoder.checkTokenizer(snapshot, name, found))
              .ifPresent(length -> promptLengths.put(name, length));
        });
    return model;
  }

  private void weights(Component component, Function<Component, List<WeightGroup>> groups) {
    step(() -> groups.apply(component))
        .ifPresent(
            expected -> problems.addAll(WeightCheck.faults(component.checkpoint(), expected)));
  }

  private static SchedulerConfig scheduler(Snapshot snapshot) {
    Map<String, Object> config = snapshot.schedulerFields();
    try {
      return SchedulerConfig.of(config, Map.of());
    } catch (SchedulerException e) {
      throw new SdxlException(
          snapshot.folder().resolve("scheduler/scheduler_config.json") + ": " + e.getMessage(), e);
    }
  }

  private <T> Optional<T> step(Supplier<? extends T> step) {
    try {
      return Optional.of(step.get());
    } catch (SdxlException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  /** Collects what was reported already. */
  private static <T> Optional<T> quietly(Supplier<T> step) {
    try {
      return Optional.of(step.get());
    } catch (SdxlException e) {
      return Optional.empty();
    }
  }
}
