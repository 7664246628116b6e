package dev.feira.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/**
 * The walls between the rooms of a service; see the table in {@code docs/architecture.md}. A service's
 * {@code ArchitectureTests} names those that apply to it.
 */
public final class ArchitectureRules {

    private ArchitectureRules() {}

    /** The domain is plain Java: no web, no HTTP, no JSON, no other room. */
    public static final ArchRule DOMAIN_KNOWS_NO_TRANSPORT = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.web..",
                    "org.springframework.http..",
                    "tools.jackson..",
                    "jakarta.servlet..",
                    "..web..",
                    "..application..",
                    "..outbox..",
                    "..inbox..")
            .allowEmptyShould(true)
            .because("rules of the business outlive every protocol");

    /** A use case knows nothing of HTTP. */
    public static final ArchRule APPLICATION_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAPackage("..application..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta.servlet..", "org.springframework.web..", "org.springframework.http..", "..web..")
            .allowEmptyShould(true)
            .because("the same use case serves a request, a feed and the saga");

    /** Controllers go through use cases. */
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
            .because("a transaction belongs to a use case");

    /** Nothing points back at the web. */
    public static final ArchRule NOTHING_CALLS_THE_WEB = noClasses()
            .that()
            .resideOutsideOfPackages("..web..")
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("are in the service's own web room") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("dev.feira.")
                            && type.getPackageName().contains(".web");
                }
            })
            .allowEmptyShould(true);

    /** Only Spring calls a controller. */
    public static final ArchRule CONTROLLERS_ARE_PACKAGE_PRIVATE = classes()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .should()
            .notBePublic()
            .allowEmptyShould(true);

    /** Time comes from the clock bean, so that it can be set. */
    public static final ArchRule TIME_COMES_FROM_THE_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("..domain..", "..application..")
            .should()
            .callMethod("java.time.Instant", "now")
            .orShould()
            .callMethod("java.lang.System", "currentTimeMillis")
            .allowEmptyShould(true);

    /** Logs, not prints. */
    public static final ArchRule NO_PRINTING = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    /** Constructors say what a class needs. */
    public static final ArchRule NO_FIELD_INJECTION = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    /**
     * The rooms of a service know each other in one direction only.
     *
     * @param root the service's package, e.g. {@code dev.feira.order}
     */
    public static ArchRule noCycles(String root) {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }
}
