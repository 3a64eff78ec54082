package dev.sluice.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The map of the module. A new package fails here until its arrows are written down. */
class ArrowsTest {

    private static final String BASE = "dev.sluice.bench";

    /** The tools at the top; what they measure with at the bottom. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "", List.of("child", "faults", "figures", "load", "net", "soak", "upstream"),
            "faults", List.of("child", "figures", "net", "soak", "upstream"),
            "soak", List.of("child", "figures", "net", "upstream"),
            "load", List.of("figures", "net"),
            "child", List.of("net"),
            "upstream", List.of("net"),
            "figures", List.of(),
            "net", List.of());

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @Test
    void everyPackageIsOnTheMap() {
        TreeSet<String> packages = new TreeSet<>();
        MAIN.forEach(type -> packages.add(name(type)));

        assertThat(packages).isEqualTo(new TreeSet<>(ARROWS.keySet()));
    }

    @Test
    void packagesUseWhatTheMapSaysAndTheMapSaysNoMore() {
        TreeSet<String> onTheMap = new TreeSet<>();
        ARROWS.forEach((from, targets) -> targets.forEach(to -> onTheMap.add(from + " -> " + to)));

        assertThat(arrows()).isEqualTo(onTheMap);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(MAIN);
    }

    /** What measures must not be slowed, nor be taken for slow, by a library that changes with its version. */
    @Test
    void nothingButTheJdkIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(BASE + "..", "java..", "com.sun.management..", "org.jspecify..")
                .check(MAIN);
    }

    private static Set<String> arrows() {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : MAIN) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(target -> target.getPackageName().startsWith(BASE))
                    .filter(target -> !name(type).equals(name(target)))
                    .forEach(target -> found.add(name(type) + " -> " + name(target)));
        }
        return found;
    }

    private static String name(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? "" : name.substring(BASE.length() + 1);
    }
}
