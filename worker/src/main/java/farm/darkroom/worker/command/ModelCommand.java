package farm.darkroom.worker.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code darkroom model}: the models of this machine. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    header = "Pull models from the hub, list them, check them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ModelPullCommand.class, ModelListCommand.class, ModelCheckCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom model pull stabilityai/stable-diffusion-xl-base-1.0 --variant fp16",
      "  darkroom model list",
      "  darkroom model check demo"
    })
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "found no command, allowed: pull, list and check");
  }
}
