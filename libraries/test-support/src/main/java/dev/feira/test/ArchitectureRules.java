package dev.feira.test;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.stream.Stream;

/**
 * Rules about the packages of a service; {@code docs/architecture.md} lists the packages. A service's {@code ArchitectureTests}
 * includes those that apply to every service, by {@code ArchTests.in(ArchitectureRules.class)}, and names its others.
 */
public final class ArchitectureRules {

    private ArchitectureRules() {}

    private static final String[] HTTP = {
        "jakarta.servlet..", "org.springframework.web..", "org.springframework.http..", "java.net.http.."
    };

    /** The domain uses no HTTP, no JSON and no other package of the service. */
    @ArchTest
    public static final ArchRule DOMAIN_KNOWS_NO_TRANSPORT = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(HTTP)
                    .or(JavaClass.Predicates.resideInAPackage("tools.jackson.."))
                    .or(JavaClass.Predicates.resideInAPackage("dev.feira..")
                            .and(JavaClass.Predicates.resideOutsideOfPackage("..domain.."))))
            .allowEmptyShould(true)
            .because("business rules do not depend on protocols and storage");

    /** Use cases use no HTTP, no controllers and no SQL: they use the domain's repository interfaces. */
    @ArchTest
    public static final ArchRule APPLICATION_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAPackage("..application..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(HTTP)
                    .or(JavaClass.Predicates.resideInAnyPackage("..web..", "dev.feira.*.persistence..")))
            .allowEmptyShould(true)
            .because("a request, a scheduled task and a saga run the same use case");

    /** SQL implements the domain's interfaces and calls no use case. */
    public static final ArchRule PERSISTENCE_CALLS_NO_USE_CASES = noClasses()
            .that()
            .resideInAPackage("..persistence..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(HTTP)
                    .or(JavaClass.Predicates.resideInAnyPackage(
                            "dev.feira.*.application..", "dev.feira.*.web..", "dev.feira.*.config..")))
            .allowEmptyShould(true);

    /** Configuration uses no other package of the service. */
    public static final ArchRule CONFIG_USES_NO_OTHER_PACKAGE = noClasses()
            .that()
            .resideInAPackage("dev.feira.*.config..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.feira..")
                    .and(JavaClass.Predicates.resideOutsideOfPackages("..config..", "dev.feira.defaults..")))
            .allowEmptyShould(true);

    /** Events are stored and read by the library; handlers call use cases. */
    @ArchTest
    public static final ArchRule EVENTS_KNOW_NO_HTTP_AND_NO_SQL = noClasses()
            .that()
            .resideInAPackage("dev.feira.*.events..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(HTTP)
                    .or(JavaClass.Predicates.resideInAnyPackage(
                            "org.springframework.jdbc..", "dev.feira.*.persistence..", "dev.feira.*.web..")))
            .allowEmptyShould(true)
            .because("the feed, its position and the transaction belong to the library");

    /** Controllers use use cases, not repositories or SQL. */
    @ArchTest
    public static final ArchRule WEB_USES_NO_REPOSITORIES = noClasses()
            .that()
            .resideInAPackage("..web..")
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("are repositories or JDBC") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isAssignableTo("org.springframework.data.repository.Repository")
                            || type.getPackageName().startsWith("org.springframework.jdbc");
                }
            })
            .allowEmptyShould(true)
            .because("a use case opens the transaction");

    /** Only Spring and the package itself use {@code web}. */
    @ArchTest
    public static final ArchRule NOTHING_CALLS_THE_WEB = noClasses()
            .that()
            .resideOutsideOfPackages("..web..")
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("are in the service's own web package") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("dev.feira.")
                            && type.getPackageName().contains(".web");
                }
            })
            .allowEmptyShould(true);

    /** Only Spring calls controllers. */
    @ArchTest
    public static final ArchRule CONTROLLERS_ARE_PACKAGE_PRIVATE = classes()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .should()
            .notBePublic()
            .allowEmptyShould(true);

    /** Tests can set the time, because it comes from the {@code Clock} bean. */
    @ArchTest
    public static final ArchRule TIME_COMES_FROM_THE_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("..domain..", "..application..")
            .should()
            .callMethod("java.time.Instant", "now")
            .orShould()
            .callMethod("java.lang.System", "currentTimeMillis")
            .allowEmptyShould(true);

    /** Services write to the log, not to standard streams. */
    @ArchTest
    public static final ArchRule NO_PRINTING = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    /** Dependencies are injected by constructors. */
    @ArchTest
    public static final ArchRule NO_FIELD_INJECTION = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    /**
     * Returns a rule that the packages of a service form no cycles.
     *
     * @param root the service's package, e.g. {@code dev.feira.order}
     */
    public static ArchRule noCycles(String root) {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    /**
     * Returns a rule that SQL is used in {@code persistence} only.
     *
     * @param others further packages of the service that use SQL, e.g. {@code ..saga..}
     */
    public static ArchRule sqlOnlyInPersistence(String... others) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(Stream.concat(Stream.of("..persistence.."), Stream.of(others))
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                                "org.springframework.jdbc..", "java.sql..", "javax.sql..")
                        .and(DescribedPredicate.not(nameMatching(".*\\.(RowMapper|ResultSetExtractor)")))) // of @Query
                .because("SQL has one place in a service");
    }
}
