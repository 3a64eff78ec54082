package dev.sluice.gateway.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may use which, and what no class may do. A new package fails here until its arrows are written down. */
class ArrowsTest {

    private static final String GATEWAY = "dev.sluice.gateway.";

    /** Arrows run downwards only. Every package may also use the vocabulary of the adapters' module. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry(
                    "api",
                    List.of(
                            "transport",
                            "transport.http",
                            "transport.longpoll",
                            "transport.websocket",
                            "pipeline",
                            "admission",
                            "dialect",
                            "dialect.anthropic",
                            "dialect.legacy",
                            "dialect.openai",
                            "dialect.responses",
                            "dialect.standard",
                            "dialect.uimessage",
                            "log",
                            "resilience",
                            "routing",
                            "transform",
                            "generation",
                            "time")),
            Map.entry("transport.http", List.of("transport", "dialect", "log", "generation", "time")),
            Map.entry(
                    "transport.longpoll",
                    List.of("transport", "dialect", "dialect.standard", "log", "generation", "time")),
            Map.entry(
                    "transport.websocket",
                    List.of("transport", "dialect", "dialect.standard", "log", "generation", "time")),
            Map.entry("transport", List.of("dialect", "log", "generation", "time")),
            Map.entry(
                    "pipeline",
                    List.of("admission", "routing", "resilience", "transform", "log", "generation", "time")),
            Map.entry("telemetry", List.of("dialect", "generation", "time")),
            Map.entry("dialect.anthropic", List.of("dialect", "generation")),
            Map.entry("dialect.openai", List.of("dialect", "generation")),
            Map.entry("dialect.responses", List.of("dialect", "generation")),
            Map.entry("dialect.standard", List.of("dialect", "generation")),
            Map.entry("dialect.legacy", List.of("dialect", "dialect.standard", "generation")),
            Map.entry("dialect.uimessage", List.of("dialect", "dialect.standard", "generation")),
            Map.entry("dialect", List.of("generation")),
            Map.entry("log.memory", List.of("log", "generation")),
            Map.entry("log", List.of("generation")),
            Map.entry("resilience", List.of("routing", "generation", "chance", "time")),
            Map.entry("routing", List.of("transform", "generation", "chance")),
            Map.entry("transform", List.of()),
            Map.entry("admission", List.of("generation", "time")),
            Map.entry("generation", List.of()),
            Map.entry("chance", List.of()),
            Map.entry("time", List.of()));

    private static final List<String> VOCABULARY =
            List.of("dev.sluice.stream", "dev.sluice.provider", "dev.sluice.memory");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sluice.gateway");
    private static final JavaClasses WRONG =
            new ClassFileImporter().importPackages("dev.sluice.gateway.architecture.wrong");

    private static final ArchRule NO_CYCLES =
            slices().matching(GATEWAY + "(**)").should().beFreeOfCycles();
    private static final ArchRule NO_INTERNALS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(GATEWAY + "transport.Connections")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..impl..");
    private static final ArchRule NO_EMPTY_NAMES = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveNameMatching(".*(Utils?|Helpers?|Managers?)");

    @Test
    void everyPackageIsOnTheMap() {
        assertThat(packages(MAIN)).isEqualTo(ARROWS.keySet());
        assertThat(packages(WRONG)).isNotEmpty().doesNotContainAnyElementsOf(ARROWS.keySet());
    }

    @Test
    void packagesUseWhatTheMapSaysAndTheMapSaysNoMore() {
        TreeSet<String> onTheMap = new TreeSet<>();
        ARROWS.forEach((from, targets) -> targets.forEach(to -> onTheMap.add(from + " -> " + to)));

        assertThat(arrows(MAIN)).isEqualTo(onTheMap);
        assertThat(arrows(WRONG)).contains("architecture.wrong -> architecture.wrong.ring");
    }

    @Test
    void onlyTheVocabularyOfTheAdaptersIsUsed() {
        assertThat(behindThePort(MAIN)).isEmpty();
        assertThat(behindThePort(WRONG)).containsExactly("EverythingManager uses dev.sluice.provider.http");
    }

    @Test
    void packagesAreFreeOfCycles() {
        NO_CYCLES.check(MAIN);
        assertThat(NO_CYCLES.evaluate(WRONG).hasViolation()).isTrue();
    }

    @Test
    void noMethodThatReturnsAMultiCarriesFaultToleranceButThoseWhereItHasAMeaning() {
        assertThat(annotatedMultis(MAIN)).containsExactly("GuardedStream.open", "GuardedStream.openOnce");
        assertThat(annotatedMultis(WRONG)).containsExactly("EverythingManager.retried", "Timed.timed");
    }

    @Test
    void theOneThatMayCarriesGuardRetryAndBreaker() {
        JavaMethod open = MAIN.get("dev.sluice.gateway.resilience.GuardedStream").getMethods().stream()
                .filter(method -> method.getName().equals("open"))
                .findFirst()
                .orElseThrow();

        assertThat(open.getAnnotations().stream()
                        .map(JavaAnnotation::getRawType)
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("Guarded", "Retry", "ExponentialBackoff", "CircuitBreaker");
    }

    @Test
    void nothingIsInjectedIntoFields() {
        assertThat(injectedFields(MAIN)).isEmpty();
        assertThat(injectedFields(WRONG)).containsExactly("EverythingManager.vertx");
    }

    @Test
    void nobodyLooksBehindVertx() {
        NO_INTERNALS.check(MAIN);
        assertThat(NO_INTERNALS.evaluate(WRONG).hasViolation()).isTrue();
    }

    @Test
    void everyNameMeansSomething() {
        NO_EMPTY_NAMES.check(MAIN);
        assertThat(NO_EMPTY_NAMES.evaluate(WRONG).hasViolation()).isTrue();
    }

    private static Set<String> packages(JavaClasses classes) {
        TreeSet<String> names = new TreeSet<>();
        classes.forEach(type -> names.add(name(type)));
        return names;
    }

    private static Set<String> arrows(JavaClasses classes) {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            targets(type)
                    .filter(target -> target.getPackageName().startsWith(GATEWAY))
                    .filter(target -> !name(type).equals(name(target)))
                    .forEach(target -> found.add(name(type) + " -> " + name(target)));
        }
        return found;
    }

    private static Set<String> behindThePort(JavaClasses classes) {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            targets(type)
                    .map(JavaClass::getPackageName)
                    .filter(name -> name.startsWith("dev.sluice.") && !name.startsWith(GATEWAY))
                    .filter(name -> !VOCABULARY.contains(name))
                    .forEach(name -> found.add(type.getSimpleName() + " uses " + name));
        }
        return found;
    }

    private static Set<String> annotatedMultis(JavaClasses classes) {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaMethod method : type.getMethods()) {
                if (method.getRawReturnType().isEquivalentTo(Multi.class) && (tolerant(method) || tolerant(type))) {
                    found.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        return found;
    }

    private static boolean tolerant(HasAnnotations<?> annotated) {
        return annotated.getAnnotations().stream()
                .map(annotation -> annotation.getRawType().getPackageName())
                .anyMatch(name -> name.startsWith("org.eclipse.microprofile.faulttolerance")
                        || name.startsWith("io.smallrye.faulttolerance"));
    }

    private static Set<String> injectedFields(JavaClasses classes) {
        TreeSet<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaField field : type.getFields()) {
                if (field.getAnnotations().stream()
                        .map(annotation -> annotation.getRawType().getName())
                        .anyMatch(name -> name.endsWith(".Inject") || name.endsWith(".ConfigProperty"))) {
                    found.add(type.getSimpleName() + "." + field.getName());
                }
            }
        }
        return found;
    }

    private static Stream<JavaClass> targets(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType);
    }

    private static String name(JavaClass type) {
        return type.getPackageName().substring(GATEWAY.length());
    }
}
