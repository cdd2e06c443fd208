package io.fanfold.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The five rules of the house: what may know what. */
final class ArchitectureTest {
    private static final String ROOT = "io.fanfold.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fanfold");

    /** Which other modules each module may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "protocol", Set.of(),
            "broker", Set.of(),
            "testkit", Set.of("protocol", "broker"),
            "http", Set.of("protocol"),
            "producer", Set.of("protocol", "http"),
            "worker", Set.of("protocol"),
            "aggregator", Set.of("protocol", "http"),
            "cli", Set.of("protocol", "http", "broker", "producer", "worker", "aggregator"));

    private static Stream<String> modules() {
        return MAY_USE.keySet().stream().sorted();
    }

    @Test
    void packagesDoNotDependOnOneAnotherInACircle() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageBelongsToAModule() {
        String[] all = modules().map(ArchitectureTest::in).toArray(String[]::new);
        classes().should().resideInAnyPackage(all).check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesNoOtherThanThoseBelowIt(String module) {
        String[] others = modules()
                .filter(other -> !other.equals(module) && !allowed(module).contains(other))
                .map(ArchitectureTest::in)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(in(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("the roles meet only in what travels between them: put what both need into protocol, or http")
                .check(CLASSES);
    }

    @Test
    void splitAssembleLedgerAndCodecKnowNeitherKafkaNorMicronaut() {
        noClasses()
                .that(pure())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.micronaut..", "io.micrometer..")
                .because("they are pure: give them values, not clients")
                .check(CLASSES);
    }

    @Test
    void splitAssembleLedgerAndCodecReadNoClock() {
        noClasses()
                .that(pure())
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod("java.time.Instant", "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .because("they are pure: pass the time in")
                .check(CLASSES);
    }

    @Test
    void splitAssembleLedgerAndCodecHaveNoThreadsOfTheirOwn() {
        noClasses()
                .that(pure())
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .because("they are pure: their caller owns the threads and guards them")
                .check(CLASSES);
    }

    @Test
    void onlyAnIntakeHasAConsumer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fanfold..intake", "io.fanfold.producer.client")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(KafkaConsumer.class)
                .check(CLASSES);
    }

    @Test
    void onlyDispatchEmitAndCatalogHaveAProducer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.fanfold..dispatch", "io.fanfold..emit", "io.fanfold..catalog")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(KafkaProducer.class)
                .check(CLASSES);
    }

    @Test
    void onlyTheWirePackageMakesRecords() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.fanfold.protocol.wire")
                .should()
                .callConstructorWhere(makes(ProducerRecord.class))
                .orShould()
                .callConstructorWhere(makes(ConsumerRecord.class))
                .because("Records is the one mapping between messages and Kafka records")
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void publicTypesAreAnExplicitList(String module) {
        Set<String> listed = PublicTypes.of(module);
        Set<String> there = CLASSES.stream()
                .filter(c -> c.getPackageName().startsWith(ROOT + module))
                .filter(ArchitectureTest::isPublicTopLevel)
                .map(JavaClass::getFullName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(there)
                .as(
                        "public types of %s: a type that is not listed becomes package-private, or, if another package"
                                + " really needs it, gets a line in %s; a listed type that is gone loses its line",
                        module, PublicTypes.FILE)
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    private static boolean isPublicTopLevel(JavaClass c) {
        return c.isTopLevelClass()
                && c.getModifiers().contains(JavaModifier.PUBLIC)
                && !c.getName().contains(".$") // made by Micronaut's annotation processor
                && !c.getSimpleName().equals("package-info");
    }

    private static DescribedPredicate<JavaClass> pure() {
        return resideInAnyPackage(
                        "io.fanfold.producer.split..",
                        "io.fanfold.aggregator.assemble..",
                        "io.fanfold.protocol.array..",
                        "io.fanfold.protocol.fold..",
                        "io.fanfold.protocol.npy..")
                .or(DescribedPredicate.describe(
                        "the ledger", c -> c.getFullName().startsWith("io.fanfold.worker.lane.Ledger")))
                .as("are pure");
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaConstructorCall> makes(Class<?> type) {
        return DescribedPredicate.describe(
                "makes a " + type.getSimpleName(), call -> call.getTargetOwner().isEquivalentTo(type));
    }

    private static Set<String> allowed(String module) {
        return MAY_USE.getOrDefault(module, Set.of());
    }

    private static String in(String module) {
        return ROOT + module + "..";
    }

    /** Guards the guards: an import that found nothing would let everything pass. */
    @Test
    void theRulesSeeEveryModule() {
        assertThat(modules())
                .allSatisfy(module -> assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                        .anyMatch(name -> Arrays.asList(name.split("\\.")).contains(module)));
        assertThat(CLASSES.that(pure())).hasSizeGreaterThan(20);
    }
}
