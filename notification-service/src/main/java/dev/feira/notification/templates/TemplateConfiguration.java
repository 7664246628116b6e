package dev.feira.notification.templates;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.thymeleaf.spring6.templateresolver.SpringResourceTemplateResolver;
import org.thymeleaf.templatemode.TemplateMode;

/** Adds plain text to Spring Boot's templates, which are HTML. */
@Configuration(proxyBeanMethods = false)
class TemplateConfiguration {

    /** Resolves names that end with {@code .txt}, before Spring Boot's resolver, which would take every name. */
    @Bean
    SpringResourceTemplateResolver plainTextTemplates(ApplicationContext context) {
        var resolver = new SpringResourceTemplateResolver();
        resolver.setApplicationContext(context);
        resolver.setPrefix("classpath:/templates/");
        resolver.setResolvablePatterns(java.util.Set.of("*.txt"));
        resolver.setTemplateMode(TemplateMode.TEXT);
        resolver.setCharacterEncoding("UTF-8");
        resolver.setOrder(0);
        return resolver;
    }
}
