package io.fanfold.bench.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.fanfold.bench.suite.Suite;
import org.junit.jupiter.api.Test;

/** What may know what in bench, and who may know bench: the other modules' own rules do not see it. */
final class BenchArchitectureTest {
    private static final String BENCH = "io.fanfold.bench";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fanfold");

    @Test
    void packagesDoNotDependOnOneAnotherInACircle() {
        slices().matching("io.fanfold.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roundsAndRatiosAreTheSameWhateverIsMeasured() {
        noClasses()
                .that()
                .resideInAPackage(BENCH + ".measure..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.fanfold..").and(resideOutsideOfPackage(BENCH + ".measure..")))
                .because("they are numbers: give them values, not fleets")
                .check(CLASSES);
    }

    @Test
    void aReportKnowsFiguresAndTheNamesOfSuitesAndNotHowTheyAreMeasured() {
        noClasses()
                .that()
                .resideInAPackage(BENCH + ".report..")
                .should()
                .dependOnClassesThat(resideInAPackage(BENCH + "..")
                        .and(resideOutsideOfPackages(BENCH + ".measure..", BENCH + ".report.."))
                        .and(not(belongToAnyOf(Suite.class))))
                .because("it is tested without measuring anything")
                .check(CLASSES);
    }

    @Test
    void noOtherModuleUsesBench() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BENCH + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BENCH + "..")
                .because("what is shipped does not need what it is compared with")
                .check(CLASSES);
    }

    /** Guards the guards: an import that found nothing would let everything pass. */
    @Test
    void theRulesSeeBenchAndTheOtherModules() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .contains(
                        BENCH,
                        BENCH + ".measure",
                        BENCH + ".report",
                        BENCH + ".rig",
                        BENCH + ".suite",
                        BENCH + ".micro",
                        "io.fanfold.protocol.wire",
                        "io.fanfold.producer.split",
                        "io.fanfold.worker.lane",
                        "io.fanfold.aggregator.assemble",
                        "io.fanfold.broker",
                        "io.fanfold.cli");
    }
}
