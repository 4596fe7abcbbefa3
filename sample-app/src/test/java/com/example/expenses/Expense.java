// tag::expense[]
package com.example.expenses;

import java.math.BigDecimal;
import java.time.LocalDate;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Positive;

record Expense(@NotBlank String purpose, @NotNull @Positive BigDecimal amount, @NotNull @PastOrPresent LocalDate day) {

}
// end::expense[]
