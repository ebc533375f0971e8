import '../kit/base.css';
import './curation.css';
import { mount } from '../kit/mount.tsx';
import { App } from './App.tsx';

mount(<App />);
