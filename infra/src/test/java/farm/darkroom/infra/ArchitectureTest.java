package farm.darkroom.infra;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
}
