package farm.darkroom.infra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** Dependency rules of the whole farm; those of the worker stand in its own module. */
@AnalyzeClasses(packages = "farm.darkroom", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices()
          .matching("farm.darkroom.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other cannot be read one at a time");

  /** By package, what its package-info.java says that it does not know. */
  private static final String UNKNOWN =
      """
      common.input: common.job common.queue common.kafka common.store
      common.job: common.queue common.kafka common.store
      common.json: common.job common.queue common.kafka common.store
      common.kafka: common.store
      common.page: common.job common.json common.queue common.kafka common.store
      common.queue: common.kafka org.apache.kafka
      common.store: common.queue common.kafka
      sdxl.lora: sdxl.pipeline
      sdxl.memory: sdxl.unet sdxl.vae sdxl.text sdxl.pipeline
      sdxl.schedulers: sdxl.weights sdxl.unet sdxl.vae sdxl.text sdxl.pipeline
      sdxl.snapshot: sdxl.torch sdxl.unet sdxl.vae sdxl.text sdxl.pipeline
      sdxl.text: sdxl.unet
      sdxl.torch: sdxl.weights sdxl.unet sdxl.vae sdxl.text sdxl.pipeline
      sdxl.unet: sdxl.schedulers sdxl.text sdxl.pipeline
      sdxl.vae: sdxl.unet javax.imageio java.awt
      sdxl.vision: sdxl.unet sdxl.schedulers sdxl.pipeline
      sdxl.weights: sdxl.unet sdxl.vae sdxl.text sdxl.pipeline
      worker.command: common.queue common.kafka common.store
      worker.health: worker.lease worker.stage
      worker.hub: common.job sdxl
      worker.lease: worker.stage worker.result worker.render
      worker.picture: common.queue common.store sdxl
      worker.port: common.queue common.store sdxl worker.health worker.lease worker.stage worker.render
      worker.render: common.queue
      worker.render.engine: common.job
      worker.render.inventory: common.job sdxl.torch
      worker.result: common.queue worker.lease worker.stage
      worker.stage: sdxl worker.command picocli
      submitter.audit: common.kafka
      submitter.dataset: common.queue common.kafka
      submitter.farm: common.job
      submitter.fetch: common.queue common.kafka submitter.dataset
      submitter.sheet: common.job common.queue common.kafka common.store
      submitter.submit: submitter.watch submitter.audit submitter.fetch
      submitter.sweep: common.queue common.kafka common.store
      infra.box: sdxl worker.render
      infra.embedded: common.job common.queue common.kafka
      infra.serving: infra.box infra.dashboard infra.exporter
      infra.supervisor: common.queue common.kafka
      """;

  @ArchTest
  static void packagesDoNotKnowWhatTheirPackageInfoRulesOut(JavaClasses classes) {
    for (String line : UNKNOWN.lines().toList()) {
      String[] words = line.split(":? ");
      noClasses()
          .that()
          .resideInAPackage(named(words[0]))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              Arrays.stream(words).skip(1).map(word -> named(word) + "..").toArray(String[]::new))
          .because("its package-info.java says so")
          .check(classes);
    }
  }

  private static String named(String word) {
    return word.matches("(common|sdxl|worker|submitter|infra)\\b.*")
        ? "farm.darkroom." + word
        : word;
  }
}
