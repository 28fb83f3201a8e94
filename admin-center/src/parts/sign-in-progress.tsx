import { makeStyles, mergeClasses, Spinner, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { type SignInStanding, type SignInStep, signInSteps } from "./sign-in-standing.ts";

const useStyles = makeStyles({
  steps: {
    listStyleType: "none",
    margin: `${tokens.spacingVerticalM} 0 0`,
    padding: 0,
    display: "grid",
    gap: tokens.spacingVerticalS,
  },
  step: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  mark: { width: "20px", height: "20px", fontSize: "20px", flexShrink: 0 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  toCome: { color: tokens.colorNeutralForeground2 },
  now: { fontWeight: tokens.fontWeightSemibold },
});

/** The steps of a sign-in, from the pairing code to the registered phone, and how far it has come. */
export function SignInProgress({ standing }: { readonly standing: SignInStanding }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const steps = signInSteps(standing);
  if (steps.length === 0) return null;
  return (
    <ol className={styles.steps} aria-label={t("signIn.steps")}>
      {steps.map((step) => (
        <li
          key={step.name}
          aria-current={step.place === "now" ? "step" : undefined}
          className={mergeClasses(
            styles.step,
            step.place === "now" && styles.now,
            step.place === "to-come" && styles.toCome,
          )}
        >
          <StepMark step={step} />
          {t(`signIn.step.${step.name}`)}
        </li>
      ))}
    </ol>
  );
}

function StepMark({ step: { place } }: { readonly step: SignInStep }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const label = t(`signIn.place.${place}`);
  switch (place) {
    case "done":
      return (
        <CheckmarkCircleFilled
          className={mergeClasses(styles.mark, styles.done)}
          aria-label={label}
        />
      );
    case "now":
      return (
        <span className={styles.mark}>
          <Spinner size="extra-tiny" aria-label={label} />
        </span>
      );
    case "to-come":
      return <CircleRegular className={styles.mark} aria-label={label} />;
  }
}
