package dev.sluice.collector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The map of the module. A new package, or a new arrow, has to be written down here. */
final class ArrowsTest {

    private static final String BASE = "dev.sluice.collector";

    private static final Map<String, Set<String>> ARROWS = Map.of(
            "", Set.of("embedded"),
            "api", Set.of(),
            "settings", Set.of(),
            "storage", Set.of(),
            "embedded", Set.of(),
            "ingest", Set.of("api", "settings", "storage"),
            "postgres", Set.of("settings", "storage"),
            "query", Set.of("api", "settings"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @Test
    void packagesImportOnlyWhatTheMapAllows() {
        var forbidden = new TreeSet<String>();
        for (var origin : CLASSES) {
            var allowed = ARROWS.getOrDefault(local(origin.getPackageName()), Set.of());
            origin.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getPackageName())
                    .filter(target -> target.startsWith(BASE) && !target.equals(origin.getPackageName()))
                    .filter(target -> !allowed.contains(local(target)))
                    .forEach(target -> forbidden.add(origin.getName() + " -> " + target));
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyPackageIsOnTheMapAndPromisesNonNull() {
        var nullMarked = new TreeMap<String, Boolean>();
        for (var type : CLASSES) {
            nullMarked.merge(
                    local(type.getPackageName()),
                    type.getSimpleName().equals("package-info")
                            && type.isAnnotatedWith("org.jspecify.annotations.NullMarked"),
                    Boolean::logicalOr);
        }
        assertThat(nullMarked.keySet()).isEqualTo(new TreeSet<>(ARROWS.keySet()));
        assertThat(nullMarked).doesNotContainValue(false);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noStreamOfItemsIsGuardedByFaultTolerance() {
        noMethods()
                .that()
                .haveRawReturnType("io.smallrye.mutiny.Multi")
                .should(beGuarded())
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static ArchCondition<JavaMethod> beGuarded() {
        return new ArchCondition<>("carry a fault tolerance annotation") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                var guarded = method.getAnnotations().stream()
                        .map(JavaAnnotation::getRawType)
                        .anyMatch(type -> type.getPackageName().startsWith("org.eclipse.microprofile.faulttolerance"));
                events.add(new SimpleConditionEvent(method, guarded, method.getFullName()));
            }
        };
    }

    private static String local(String packageName) {
        return packageName.equals(BASE) ? "" : packageName.substring(BASE.length() + 1);
    }
}
