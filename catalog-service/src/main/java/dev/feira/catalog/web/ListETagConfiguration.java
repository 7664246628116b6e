package dev.feira.catalog.web;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Adds entity tags to lists, computed from their content, so that an unchanged list returns 304. */
@Configuration(proxyBeanMethods = false)
class ListETagConfiguration {

    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> listETags() {
        var registration = new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
        registration.addUrlPatterns("/products", "/categories");
        return registration;
    }
}
