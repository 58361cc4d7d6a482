package farm.darkroom.worker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.slf4j.Logger;

/** Dependency rules of this module. */
@AnalyzeClasses(packages = "farm.darkroom", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theEngineIsALibraryOfItsOwn =
      noClasses()
          .that()
          .resideInAPackage("farm.darkroom.sdxl..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("farm.darkroom..")
                  .and(DescribedPredicate.not(resideInAPackage("farm.darkroom.sdxl.."))))
          .because("somebody may want to render without a farm");

  @ArchTest
  static final ArchRule onlyWorkerRenderKnowsTheEngine =
      noClasses()
          .that()
          .resideInAPackage("farm.darkroom..")
          .and()
          .resideOutsideOfPackages("farm.darkroom.sdxl..", "farm.darkroom.worker.render..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("farm.darkroom.sdxl..", "ai.djl.."))
          .because("the loop works with any Renderer");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices()
          .matching("farm.darkroom.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other cannot be read one at a time");

  @ArchTest
  static final ArchRule subpackagesDoNotDependOnWorker =
      noClasses()
          .that()
          .resideInAPackage("farm.darkroom.worker.*..")
          .and()
          .resideOutsideOfPackage("farm.darkroom.worker.command..")
          .should()
          .dependOnClassesThat(resideInAPackage("farm.darkroom.worker"))
          .because("the worker is put together from them");

  @ArchTest
  static final ArchRule renderPackagesFormLayers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("farm.darkroom.worker.render..")
          .layer("render")
          .definedBy("farm.darkroom.worker.render")
          .layer("plan")
          .definedBy("farm.darkroom.worker.render.plan..")
          .layer("model")
          .definedBy("farm.darkroom.worker.render.model..")
          .layer("inventory")
          .definedBy("farm.darkroom.worker.render.inventory..")
          .layer("input")
          .definedBy("farm.darkroom.worker.render.input..")
          .layer("engine")
          .definedBy("farm.darkroom.worker.render.engine..")
          .whereLayer("render")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("plan")
          .mayOnlyBeAccessedByLayers("render")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("render")
          .whereLayer("inventory")
          .mayOnlyBeAccessedByLayers("render", "plan", "model")
          .whereLayer("input")
          .mayOnlyBeAccessedByLayers("render", "plan", "model")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("render", "plan", "model")
          .ensureAllClassesAreContainedInArchitectureIgnoring(
              DescribedPredicate.not(resideInAPackage("farm.darkroom.worker.render..")))
          .because("a plan needs no open model, an open model no plan of its own making");

  @ArchTest
  static final ArchRule loggersHaveOneName =
      fields().that().haveRawType(Logger.class).should().haveName("log");
}
