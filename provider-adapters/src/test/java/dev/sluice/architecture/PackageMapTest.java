package dev.sluice.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may use which. A new package fails here until its arrows are written down. */
class PackageMapTest {

    private static final String BASE = "dev.sluice.";

    private static final Map<String, List<String>> ARROWS = Map.of(
            "memory", List.of(),
            "stream", List.of(),
            "provider", List.of("stream"),
            "provider.http", List.of("provider", "stream", "memory"),
            "provider.openai", List.of("provider.http", "provider", "stream", "memory"),
            "provider.simulator", List.of("provider", "stream"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice");

    @Test
    void everyPackageIsOnTheMap() {
        TreeSet<String> packages = new TreeSet<>();
        CLASSES.forEach(type -> packages.add(name(type)));

        assertThat(packages).isEqualTo(new TreeSet<>(ARROWS.keySet()));
    }

    @Test
    void packagesUseOnlyWhatTheMapAllows() {
        TreeSet<String> forbidden = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                boolean ours = target.getPackageName().startsWith(BASE);
                if (ours && !name(type).equals(name(target)) && !allowed(name(type), name(target))) {
                    forbidden.add(name(type) + " -> " + name(target) + " in " + type.getSimpleName());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(BASE + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void adaptersNeedNoFrameworkAndNoInternals() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.vertx..impl..", "io.netty..")
                .check(CLASSES);
    }

    private static boolean allowed(String from, String to) {
        return ARROWS.getOrDefault(from, List.of()).contains(to);
    }

    private static String name(JavaClass type) {
        return type.getPackageName().substring(BASE.length());
    }
}
