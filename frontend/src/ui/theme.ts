import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf5f2', '#d5e8e3', '#aad2c8', '#7cbbad', '#57a897', '#3f9c89', '#2b8472', '#1d6a5c', '#14544a', '#0c3d36',
];
const amber: MantineColorsTuple = [
  '#fff6e3', '#fbe9c6', '#f5d491', '#efbd58', '#eaaa2b', '#dd9613', '#b97706', '#935d04', '#744906', '#573605',
];
const dark: MantineColorsTuple = [
  '#e6e9e7', '#c9cfcc', '#a6aeaa', '#7f8985', '#4b5450', '#38403d', '#2a312e', '#181c1b', '#121514', '#0c0e0d',
];

/** The look shared by shop and studio: petrol for actions, amber for stars, Fraunces for titles. */
export const theme = createTheme({
  colors: { petrol, amber, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  fontFamily: "'Figtree Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  headings: { fontFamily: "'Fraunces Variable', 'Iowan Old Style', Georgia, serif", fontWeight: '560' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    CloseButton: { defaultProps: { 'aria-label': 'Close' } },
  },
});

/** Colours that carry text keep 4.5:1 contrast in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fcfbf8',
    '--mantine-color-text': '#1b211f',
    '--mantine-color-dimmed': '#5c645f',
    '--mantine-color-placeholder': '#6b736e',
    '--mantine-color-error': '#b3261e',
    '--valse-surface': '#ffffff',
    '--valse-line': '#e6e3dc',
    '--valse-accent': petrol[7],
    '--valse-star': amber[5],
  },
  dark: {
    '--mantine-color-dimmed': '#a6aeaa',
    '--mantine-color-placeholder': '#969f9a',
    '--mantine-color-error': '#ff9a90',
    '--valse-surface': '#1f2422',
    '--valse-line': '#333a37',
    '--valse-accent': petrol[3],
    '--valse-star': amber[4],
  },
});
