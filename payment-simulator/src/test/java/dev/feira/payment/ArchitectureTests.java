package dev.feira.payment;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.payment", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchTests sharedRules = ArchTests.in(ArchitectureRules.class);

    @ArchTest
    static final ArchRule noCycles = ArchitectureRules.noCycles("dev.feira.payment");

    @ArchTest
    static final ArchRule configUsesNoOtherPackage = ArchitectureRules.CONFIG_USES_NO_OTHER_PACKAGE;
}
