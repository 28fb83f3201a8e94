import { createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app.tsx";
import { startWords } from "./words/start-words.ts";
import "./page.css";

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
const renderer = createDOMRenderer(
  document,
  nonce === undefined ? {} : { styleElementAttributes: { nonce } },
);
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");

await startWords();
createRoot(root).render(
  <StrictMode>
    <RendererProvider renderer={renderer}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </RendererProvider>
  </StrictMode>,
);
