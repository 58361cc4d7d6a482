package farm.darkroom.worker.command;

import farm.darkroom.worker.render.inventory.ModelInventory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom model check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Check a model or a file for problems, without loading it.",
    description =
        "Checks what a worker checks when it opens a model: index, configs, names and"
            + " shapes of all tensors, tokenizers, and whether the parts fit together; for a"
            + " LoRA file or an embedding: names, pairs and shapes. Prints one line per"
            + " problem; exit code 1 if there are any.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom model check demo", "  darkroom model check ./checkpoints/my.safetensors"})
public final class ModelCheckCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NAME|PATH",
      description = "a model as jobs name it, a snapshot's or a component's folder, or a file")
  private String name;

  @Mixin private ModelFolderOption models;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Optional<List<String>> problems =
        new ModelInventory(models.folders(System.getenv())).problems(name);
    if (problems.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "%s: there is no model %s here; 'darkroom model list' shows what is"
                  .formatted(spec.qualifiedName(), name));
      return ExitCode.USAGE;
    }
    PrintWriter out = spec.commandLine().getOut();
    problems.get().forEach(out::println);
    if (problems.get().isEmpty()) {
      out.println(name + ": sound");
    }
    out.flush();
    return problems.get().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
