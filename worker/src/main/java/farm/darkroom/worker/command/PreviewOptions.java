package farm.darkroom.worker.command;

import farm.darkroom.worker.result.PreviewRate;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options for previews, shared by {@code render} and {@code worker}. */
abstract class PreviewOptions {
  @Option(
      names = "--preview-every",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "make a preview after the first step and then every N steps (default"
              + " ${DEFAULT-VALUE})")
  private int every;

  @Option(
      names = "--preview-vae",
      paramLabel = "NAME",
      description =
          "the AutoencoderTiny (TAESD) that makes previews, named as a job's vae, such as"
              + " madebyollin/taesdxl; default: none, rough colours for each 8 by 8 pixels")
  private String vae;

  /**
   * How often a preview is made.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT naming what was found and what is
   *     allowed
   */
  final PreviewRate rate() {
    return new PreviewRate(every);
  }

  /** The autoencoder, as a job would name it. */
  final Optional<String> vae() {
    return Optional.ofNullable(vae);
  }
}
