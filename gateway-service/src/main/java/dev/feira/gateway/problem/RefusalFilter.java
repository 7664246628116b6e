package dev.feira.gateway.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers what the filters behind it refuse, and what they cannot do without the session database. */
@Component
public class RefusalFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(RefusalFilter.class);

    private final Answers answers;

    RefusalFilter(Answers answers) {
        this.answers = answers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (Refused e) {
            answers.write(request, response, e.failure());
        } catch (InvalidParameterException e) {
            answers.write(request, response, Failure.invalid("The address is not a valid URL."));
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "{} {}: the session database does not serve: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    e.getMessage());
            answers.write(request, response, DatabaseLost.FAILURE);
        }
    }
}
