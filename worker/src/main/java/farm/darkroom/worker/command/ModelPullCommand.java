package farm.darkroom.worker.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.Terminal;
import farm.darkroom.worker.hub.DecimalSize;
import farm.darkroom.worker.hub.HubAccess;
import farm.darkroom.worker.hub.HubCache;
import farm.darkroom.worker.hub.HubException;
import farm.darkroom.worker.hub.HubLimits;
import farm.darkroom.worker.hub.Pull;
import farm.darkroom.worker.hub.PullResult;
import farm.darkroom.worker.hub.RepositoryId;
import farm.darkroom.worker.hub.RetryPause;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom model pull ORG/NAME}. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Download a model from the Hugging Face hub.",
    description =
        "Downloads only what a pipeline needs: the components that model_index.json"
            + " names, weights as safetensors. Files that are here already are kept; an"
            + " interrupted pull continues when the command is run again. A token is taken"
            + " from HF_TOKEN, or from where 'hf auth login' puts it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom model pull stabilityai/stable-diffusion-xl-base-1.0 --variant fp16",
      "  darkroom model pull madebyollin/sdxl-vae-fp16-fix --models /srv/models",
      "  darkroom model pull ORG/NAME --file style.safetensors --models /srv/models"
    })
public final class ModelPullCommand implements Callable<Integer> {
  private static final String READABLE = "fp16";

  @Parameters(paramLabel = "ORG/NAME[@REVISION]", description = "the model, as jobs name it")
  private String name;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "a branch, a tag or a commit (default main)")
  private String revision;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = "fp16: half-precision weights, of each component that has them")
  private String variant;

  @Option(
      names = "--file",
      paramLabel = "NAME",
      description = "this file of the repository alone: a checkpoint, a LoRA, an embedding")
  private String file;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "put it into this folder of models (default the Hugging Face cache)")
  private Path models;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "another hub (HF_ENDPOINT; default https://huggingface.co)")
  private String endpoint;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "4",
      description = "how many requests at once (default ${DEFAULT-VALUE})")
  private int connections;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (PullLine line = new PullLine(err, Terminal.isThere(), System::nanoTime)) {
      PullResult pulled = pull(System.getenv(), line);
      line.end();
      PrintWriter out = spec.commandLine().getOut();
      out.println(pulled.place());
      out.println(
          "%s, %s, of which %s downloaded now; commit %s"
              .formatted(
                  Counted.of(pulled.files(), "file"),
                  DecimalSize.text(pulled.bytes()),
                  DecimalSize.text(pulled.received()),
                  pulled.commit()));
      out.flush();
      return ExitCode.OK;
    } catch (HubException e) {
      err.println(spec.qualifiedName() + ": " + e.getMessage());
      return e.isRefused() ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
  }

  private PullResult pull(Map<String, String> environment, PullLine line) {
    if (Set.of("1", "true", "yes", "on")
        .contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT))) {
      throw HubException.refused("HF_HUB_OFFLINE is set: nothing is pulled");
    }
    if (variant != null && !variant.equals(READABLE)) {
      throw HubException.refused(
          "--variant: found '%s', allowed: fp16, or none for full precision".formatted(variant));
    }
    if (variant != null && file != null) {
      throw HubException.refused("--variant and --file exclude each other; a file is named whole");
    }
    Path home = Path.of(System.getProperty("user.home"));
    HubAccess access = HubAccess.of(Optional.ofNullable(endpoint), environment, home);
    RepositoryId id = RepositoryId.parse(name, Optional.ofNullable(revision));
    Pull pull = new Pull(access, HubLimits.standard(connections), RetryPause.real(), line);
    HubCache cache = HubCache.of(environment, home);
    if (file != null) {
      return models == null ? pull.file(cache, id, file) : pull.file(models, id, file);
    }
    return models == null
        ? pull.into(cache, id, Optional.ofNullable(variant))
        : pull.into(models, id, Optional.ofNullable(variant));
  }
}
