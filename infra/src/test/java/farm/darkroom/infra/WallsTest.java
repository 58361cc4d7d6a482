package farm.darkroom.infra;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the whole farm; those of the worker stand in its own module. */
@AnalyzeClasses(packages = "farm.darkroom", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {
  @ArchTest
  static final ArchRule packagesFormNoCycles =
      slices()
          .matching("farm.darkroom.(**)")
          .should()
          .beFreeOfCycles()
          .because("a room that is needed by those it needs has no walls");
}
